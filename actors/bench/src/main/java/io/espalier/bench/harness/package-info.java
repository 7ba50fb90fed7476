/** What the benches share: options, output, working directory, processes, figures and results. */
package io.espalier.bench.harness;
