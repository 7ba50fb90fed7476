/** Benches of what pruning costs: selection and masks, training steps, and memory of runs. */
package io.espalier.bench.cost;
