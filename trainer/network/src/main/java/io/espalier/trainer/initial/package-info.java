/** The values of a network before the first step, where no file gives them. */
package io.espalier.trainer.initial;
