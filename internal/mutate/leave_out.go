package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// mutant is one thing that is left out of the code.
type mutant struct {
	at   token.Position
	what string // the first line of it
}

// support is what the changed code of a package needs. Number 0 leaves nothing out.
const support = `package %s

import (
	"os"
	"strconv"
)

var mutantNumber, _ = strconv.Atoi(os.Getenv("` + mutantVariable + `"))

func mutantOr[T any](number int, value, instead T) T {
	if mutantNumber == number {
		return instead
	}
	return value
}
`

// leaveOut returns the code of a file changed so that the mutants' numbers, which
// follow those of the mutants before, decide what is left out: a statement, a case
// of a switch, or an argument of min or max. Declarations stay, since code without
// them does not compile, and so do locks, without which tests hang. It also returns
// the package's name.
func leaveOut(name string, source []byte, before []mutant) (code, pkg string, mutants []mutant, err error) {
	f := &file{set: token.NewFileSet(), source: source, mutants: before}
	parsed, err := parser.ParseFile(f.set, name, source, parser.SkipObjectResolution)
	if err != nil {
		return "", "", nil, err
	}
	ast.Inspect(parsed, f.visit)
	return f.code(), parsed.Name.Name, f.mutants, nil
}

// file is a file that is being changed.
type file struct {
	set        *token.FileSet
	source     []byte
	mutants    []mutant
	insertions []insertion
}

// insertion is text that is put in at an offset of the source.
type insertion struct {
	offset int
	isEnd  bool // it ends what an earlier insertion has begun
	text   string
}

func (f *file) visit(node ast.Node) bool {
	switch node := node.(type) {
	case *ast.FuncDecl:
		if node.Body != nil {
			f.terminate(node.Type, node.Body)
		}
	case *ast.FuncLit:
		f.terminate(node.Type, node.Body)
	case *ast.BlockStmt:
		f.statements(node.List)
	case *ast.SwitchStmt:
		if node.Tag == nil {
			f.cases(node.Body.List)
		}
	case *ast.CaseClause:
		f.statements(node.Body)
	case *ast.CommClause:
		f.statements(node.Body)
	case *ast.CallExpr:
		if name, ok := node.Fun.(*ast.Ident); ok && (name.Name == "min" || name.Name == "max") && len(node.Args) > 1 {
			f.arguments(node)
		}
	}
	return true
}

// terminate lets a function with results compile whichever return is left out.
func (f *file) terminate(signature *ast.FuncType, body *ast.BlockStmt) {
	if signature.Results != nil {
		f.insert(body.Rbrace, true, `; panic("nothing was returned") `)
	}
}

func (f *file) statements(list []ast.Stmt) {
	for _, statement := range list {
		if f.canGo(statement) {
			f.around(statement, fmt.Sprintf("if mutantNumber != %d { ", f.number(statement, f.text(statement))), " }")
		}
	}
}

// canGo reports whether a statement can be left out and has nothing in it that can
// be left out by itself.
func (f *file) canGo(statement ast.Stmt) bool {
	switch statement := statement.(type) {
	case *ast.AssignStmt:
		return statement.Tok != token.DEFINE && f.text(statement.Lhs[0]) != "_"
	case *ast.BranchStmt:
		return statement.Tok != token.FALLTHROUGH
	case *ast.ExprStmt, *ast.DeferStmt:
		return !strings.HasSuffix(f.text(statement), "ock()")
	case *ast.SendStmt, *ast.IncDecStmt, *ast.GoStmt, *ast.ReturnStmt:
		return true
	default:
		return false
	}
}

func (f *file) cases(clauses []ast.Stmt) {
	for _, clause := range clauses {
		clause, ok := clause.(*ast.CaseClause)
		if !ok {
			continue
		}
		for _, condition := range clause.List {
			f.around(condition, fmt.Sprintf("mutantNumber != %d && (", f.number(condition, "case "+f.text(condition))), ")")
		}
	}
}

// arguments puts another argument in the place of the one that is left out.
func (f *file) arguments(call *ast.CallExpr) {
	for i, argument := range call.Args {
		other := call.Args[(i+1)%len(call.Args)]
		number := f.number(argument, f.text(argument)+" in "+f.text(call))
		f.around(argument, fmt.Sprintf("mutantOr(%d, ", number), ", "+f.text(other)+")")
	}
}

// number enters a mutant and returns its number.
func (f *file) number(node ast.Node, what string) int {
	line, _, _ := strings.Cut(what, "\n")
	f.mutants = append(f.mutants, mutant{at: f.set.Position(node.Pos()), what: line})
	return len(f.mutants)
}

func (f *file) text(node ast.Node) string {
	return string(f.source[f.set.Position(node.Pos()).Offset:f.set.Position(node.End()).Offset])
}

func (f *file) around(node ast.Node, before, after string) {
	f.insert(node.Pos(), false, before)
	f.insert(node.End(), true, after)
}

func (f *file) insert(at token.Pos, isEnd bool, text string) {
	f.insertions = append(f.insertions, insertion{offset: f.set.Position(at).Offset, isEnd: isEnd, text: text})
}

// code is the source with all insertions. Outer nodes are visited before inner ones,
// so that at the same offset later ends go first.
func (f *file) code() string {
	var ends, begins []insertion
	for _, in := range f.insertions {
		if in.isEnd {
			ends = append(ends, in)
		} else {
			begins = append(begins, in)
		}
	}
	slices.Reverse(ends)
	ordered := slices.Concat(ends, begins)
	slices.SortStableFunc(ordered, func(a, b insertion) int { return cmp.Compare(a.offset, b.offset) })

	var code strings.Builder
	offset := 0
	for _, in := range ordered {
		code.Write(f.source[offset:in.offset])
		code.WriteString(in.text)
		offset = in.offset
	}
	code.Write(f.source[offset:])
	return code.String()
}
