/** The rules that hold for all modules together. */
@NullMarked
package io.espalier.actors.architecture;

import org.jspecify.annotations.NullMarked;
