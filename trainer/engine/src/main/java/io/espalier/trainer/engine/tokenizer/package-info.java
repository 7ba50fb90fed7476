/** The binding of the native tokenizer library, and the trial of a file in a process of its own. */
package io.espalier.trainer.engine.tokenizer;
