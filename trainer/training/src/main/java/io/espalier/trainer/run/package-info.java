/** A run as a library loop without actors. */
package io.espalier.trainer.run;
