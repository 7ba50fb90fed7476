/** Readers of the files that examples come in; they know nothing of data sets. */
@NullMarked
package io.espalier.trainer.data.format;

import org.jspecify.annotations.NullMarked;
