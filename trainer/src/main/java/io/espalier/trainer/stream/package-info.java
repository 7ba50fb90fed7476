/** Examples that arrive while a run trains: their order, their place in it, and their format. */
@NullMarked
package io.espalier.trainer.stream;

import org.jspecify.annotations.NullMarked;
