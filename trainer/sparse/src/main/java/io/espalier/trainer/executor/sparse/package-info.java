/** The executor that computes with kept weights only, in plain Java. */
package io.espalier.trainer.executor.sparse;
