// Reports each test as one line of JSON, which sdk_test.go turns into a Go subtest.

// The whole of what axios knows of a failed call is pages long: the answer is what matters.
function tell({ cause, ...rest }) {
  const error = cause ?? rest;
  const answer = error.response && `\n${error.response.status} ${JSON.stringify(error.response.data)}`;
  return `${error.stack ?? error}${answer ?? ''}`;
}

export default async function* report(events) {
  for await (const { type, data } of events) {
    if (type === 'test:pass' || type === 'test:fail') {
      const error = type === 'test:fail' ? tell(data.details.error) : undefined;
      yield `${JSON.stringify({ name: data.name, passed: type === 'test:pass', error })}\n`;
    }
  }
}
