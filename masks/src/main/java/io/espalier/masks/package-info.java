/** Placeholder. */
@NullMarked
package io.espalier.masks;

import org.jspecify.annotations.NullMarked;
