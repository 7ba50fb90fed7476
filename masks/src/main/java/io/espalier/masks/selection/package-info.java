/** Which units are the best ones, exactly, ties included. */
@NullMarked
package io.espalier.masks.selection;

import org.jspecify.annotations.NullMarked;
