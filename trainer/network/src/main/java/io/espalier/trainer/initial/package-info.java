/** What a network's values are before the first step, where no file gives them. */
package io.espalier.trainer.initial;
