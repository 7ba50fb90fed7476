/** The ways to compute, which modules of their own provide. */
package io.espalier.trainer.execution;
