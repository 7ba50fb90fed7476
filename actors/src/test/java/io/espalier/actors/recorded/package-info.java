/** Files that version 0.1 wrote. */
@NullMarked
package io.espalier.actors.recorded;

import org.jspecify.annotations.NullMarked;
