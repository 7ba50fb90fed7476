/** The executor that computes in plain Java, at the cost of what is kept. */
package io.espalier.trainer.executor.sparse;
