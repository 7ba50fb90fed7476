/** Random numbers that depend on where they are used, not on what was drawn before. */
@NullMarked
package io.espalier.masks.random;

import org.jspecify.annotations.NullMarked;
