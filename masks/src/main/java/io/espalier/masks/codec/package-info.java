/** Mask sets as bytes, near their entropy. */
@NullMarked
package io.espalier.masks.codec;

import org.jspecify.annotations.NullMarked;
