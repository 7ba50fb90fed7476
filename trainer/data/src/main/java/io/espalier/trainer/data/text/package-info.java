/** Tokens of text: characters, bytes, and those of a tokenizer file. */
package io.espalier.trainer.data.text;
