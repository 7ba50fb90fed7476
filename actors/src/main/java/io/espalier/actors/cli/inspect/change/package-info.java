/** A network before and after channels were cut out of it. */
@NullMarked
package io.espalier.actors.cli.inspect.change;

import org.jspecify.annotations.NullMarked;
