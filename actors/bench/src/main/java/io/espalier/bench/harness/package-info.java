/** What the benches share: processes, figures, budgets and result files. */
package io.espalier.bench.harness;
