/** Holds the rules that act around the optimizer step; plain Java, without the engine. */
package io.espalier.trainer.step;
