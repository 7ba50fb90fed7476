/** A run as a plain library loop, from recipe to files. */
package io.espalier.trainer.run;
