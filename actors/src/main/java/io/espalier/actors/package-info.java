/** Placeholder. */
@NullMarked
package io.espalier.actors;

import org.jspecify.annotations.NullMarked;
