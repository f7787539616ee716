package provider

import "testing"

func TestLogIsReadWhereAVariableAsksForIt(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		environment map[string]string
		want        bool
	}{
		"nothing is set":        {nil, false},
		"empty":                 {map[string]string{"TF_LOG": "", "TF_LOG_PROVIDER": ""}, false},
		"everything":            {map[string]string{"TF_LOG": "TRACE"}, true},
		"as JSON":               {map[string]string{"TF_LOG": "JSON"}, true},
		"of providers":          {map[string]string{"TF_LOG_PROVIDER": "DEBUG"}, true},
		"of the framework":      {map[string]string{"TF_LOG_SDK": "TRACE"}, true},
		"of a part of it":       {map[string]string{"TF_LOG_SDK_FRAMEWORK": "INFO"}, true},
		"of the CLI alone":      {map[string]string{"TF_LOG_CORE": "TRACE"}, false},
		"where it goes, if any": {map[string]string{"TF_LOG_PATH": "log.txt"}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := isLogRead(func(name string) string { return tt.environment[name] }); got != tt.want {
				t.Errorf("got %t", got)
			}
		})
	}
}
