package emulator

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/neon-orgs/terraform-provider-neon/internal/neon"
)

// personalAccount is what the claim form sends for the account of the person.
const personalAccount = "personal"

// claimView is what the claim pages show.
type claimView struct {
	Link     claimLink
	Problems []string
	Project  projectView
	From     string // the owner's name
	Until    time.Time

	People []personView // to choose from
	Person personView   // who was chosen

	Accounts []accountView
	Token    string

	// Next is where the browser goes afterwards; NextRefused that the link wants
	// it to go where it won't.
	Next        string
	NextRefused bool

	To string // the new owner's name, after the claim
}

type projectView struct {
	ID, Name, Region string
	PgVersion        int64
}

type personView struct{ Email, Name string }

type accountView struct {
	Value, Name, Detail string
	Chosen              bool
}

// showClaim is the page that a claim URL leads to. Without "as" it asks who
// one is, else where to put the project.
func showClaim(e *Emulator, r *http.Request) page {
	query := r.URL.Query()
	link := readClaimLink(query)
	token, cookie := e.formToken(r)
	var answer page
	e.locked(func(w *world) {
		p, request, refused := w.offer(link)
		if p == nil {
			answer = refused
			return
		}
		view := w.claimView(link, p, request)
		if user := w.userByEmail(query.Get("as")); user != nil {
			view.Token = token
			answer = w.askAccount(view, user, "", http.StatusOK)
			answer.cookie = cookie
			return
		}
		answer = w.askUser(view, http.StatusOK)
	})
	return answer
}

// submitClaim hands the project over, by the same rules as
// PUT /projects/{project_id}/transfer_requests/{request_id}.
func submitClaim(e *Emulator, r *http.Request) page {
	if fromAnotherSite(r) {
		return message(http.StatusForbidden, "This form came from another site",
			"Nothing was transferred. Open the claim link itself and choose there.")
	}
	if err := r.ParseForm(); err != nil {
		return message(http.StatusBadRequest, "The form can't be read", "Nothing was transferred. Open the claim link again.")
	}
	if !e.formIsOurs(r) {
		return message(http.StatusForbidden, "This form is no longer valid",
			"Nothing was transferred. The emulator was started anew since the form was opened, or the browser keeps no cookies for it. Open the claim link again.")
	}
	var answer page
	err := e.change(func(w *world) error {
		answer = w.claim(r.PostForm)
		return nil
	})
	if err != nil {
		return message(http.StatusInternalServerError, "The emulator failed", err.Error())
	}
	if answer.name == "choose_account" {
		// The form is shown again: its token stays good.
		view, _ := answer.data.(claimView)
		view.Token = r.PostForm.Get("token")
		answer.data = view
	}
	return answer
}

// claim does what a submitted form asks for.
func (w *world) claim(form url.Values) page {
	link := readClaimLink(form)
	p, request, refused := w.offer(link)
	if p == nil {
		return refused
	}
	view := w.claimView(link, p, request)
	user := w.userByEmail(form.Get("as"))
	if user == nil {
		view.Problems = []string{"Choose who you are."}
		return w.askUser(view, http.StatusBadRequest)
	}
	to := form.Get("to")
	if to == "" {
		view.Problems = []string{"Choose where the project should go."}
		return w.askAccount(view, user, to, http.StatusBadRequest)
	}
	if status, problems := w.acceptFor(user, to, link); len(problems) > 0 {
		view.Problems = problems
		return w.askAccount(view, user, to, status)
	}
	if target := link.target(); target != nil {
		return page{status: http.StatusSeeOther, location: target.String()}
	}
	view.Person, view.To = user.view(), w.owner(p).contact().Name
	return page{status: http.StatusOK, name: "claimed", title: "The project is yours", data: view}
}

// acceptFor accepts a transfer request as the API would for a person's key. Of
// a refusal it gives the status and the reasons.
func (w *world) acceptFor(user *User, to string, link claimLink) (status int, problems []string) {
	var body []byte
	if to != personalAccount {
		var err error
		if body, err = json.Marshal(neon.TransferRequestAccept{OrgID: &to}); err != nil {
			return http.StatusInternalServerError, []string{err.Error()}
		}
	}
	_, err := acceptTransferRequest(&exchange{
		w: w, caller: caller{user: user, key: &Key{}}, body: body,
		params: map[string]string{"project_id": link.ProjectID, "request_id": link.RequestID},
	})
	if err == nil {
		return 0, nil
	}
	var refusal *apiError
	if !errors.As(err, &refusal) {
		return http.StatusInternalServerError, []string{err.Error()}
	}
	switch body := refusal.body.(type) {
	case neon.ReasonsBody:
		for _, reason := range body.Reasons {
			problems = append(problems, reason.Message)
		}
	case neon.ErrorBody:
		problems = []string{body.Message}
	default:
		problems = []string{refusal.Error()}
	}
	return refusal.status, problems
}

func (w *world) claimView(link claimLink, p *Project, request *TransferRequest) claimView {
	view := claimView{
		Link: link, Project: projectView{ID: p.ID, Name: p.Name, Region: p.RegionID, PgVersion: p.PgVersion},
		From: w.owner(p).contact().Name, Until: request.ExpiresAt,
	}
	if target := link.target(); target != nil {
		view.Next = target.String()
	}
	view.NextRefused = link.Redirect != "" && view.Next == ""
	return view
}

// askUser is the page that asks who one is.
func (w *world) askUser(view claimView, status int) page {
	for _, u := range w.users {
		view.People = append(view.People, u.view())
	}
	return page{status: status, name: "choose_user", title: "Claim a project", data: view}
}

// askAccount is the page that asks where the project should go, and to confirm.
func (w *world) askAccount(view claimView, user *User, chosen string, status int) page {
	view.Person = user.view()
	for _, o := range w.orgs {
		if m := o.memberByUser(user.ID); m != nil {
			view.Accounts = append(view.Accounts, accountView{Value: o.ID, Name: o.Name, Detail: "organization " + o.ID + ", plan " + o.Plan})
		}
	}
	view.Accounts = append(view.Accounts, accountView{Value: personalAccount, Name: "Personal account", Detail: user.Email + ", plan " + user.Plan})
	for i := range view.Accounts {
		view.Accounts[i].Chosen = view.Accounts[i].Value == chosen || chosen == "" && i == 0
	}
	return page{status: status, name: "choose_account", title: "Claim a project", data: view, formTarget: policySource(view.Link.target())}
}

func (u *User) view() personView {
	name := u.Name
	if u.LastName != "" {
		name += " " + u.LastName
	}
	return personView{Email: u.Email, Name: name}
}
