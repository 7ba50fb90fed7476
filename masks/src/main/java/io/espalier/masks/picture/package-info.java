/** Masks as small pictures for people. */
@NullMarked
package io.espalier.masks.picture;

import org.jspecify.annotations.NullMarked;
