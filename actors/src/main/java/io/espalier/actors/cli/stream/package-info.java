/** Commands around streams of examples. */
@NullMarked
package io.espalier.actors.cli.stream;

import org.jspecify.annotations.NullMarked;
