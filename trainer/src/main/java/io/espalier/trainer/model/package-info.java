/** The finished network and its masks as files, and what they cost. */
@NullMarked
package io.espalier.trainer.model;

import org.jspecify.annotations.NullMarked;
