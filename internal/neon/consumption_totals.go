package neon

import (
	"fmt"
	"math"
	"time"
)

// TotalsError is a sum of a metric that is too large to be told rightly.
type TotalsError struct{ Metric string }

func (e *TotalsError) Error() string {
	return fmt.Sprintf("the sum of %s is larger than %d", e.Metric, int64(math.MaxInt64))
}

// Totals adds each metric up over the periods, with a zero for one that is in none
// of them. Of a size the newest one counts, as sizes of different times do not add
// up. A *TotalsError says that a sum got too large.
func Totals(metrics []string, periods []ConsumptionPeriod) (map[string]int64, error) {
	totals := make(map[string]int64, len(metrics))
	for _, metric := range metrics {
		totals[metric] = 0
	}
	newest := map[string]time.Time{}
	for _, period := range periods {
		for _, t := range period.Timeframes {
			for metric, value := range t.Metrics {
				if !IsSizeMetric(metric) {
					if err := addMetric(totals, metric, value); err != nil {
						return nil, err
					}
				} else if !t.Start.Before(newest[metric]) {
					totals[metric], newest[metric] = value, t.Start
				}
			}
		}
	}
	return totals, nil
}

// AddMetrics adds what one consumed to a sum over several. A *TotalsError says that
// it got too large.
func AddMetrics(sum, more map[string]int64) error {
	for metric, value := range more {
		if err := addMetric(sum, metric, value); err != nil {
			return err
		}
	}
	return nil
}

func addMetric(sum map[string]int64, metric string, value int64) error {
	if value > 0 && sum[metric] > math.MaxInt64-value {
		return &TotalsError{Metric: metric}
	}
	sum[metric] += value
	return nil
}
