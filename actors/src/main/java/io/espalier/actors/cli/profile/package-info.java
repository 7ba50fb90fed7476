/** The command {@code espalier profile}. */
@NullMarked
package io.espalier.actors.cli.profile;

import org.jspecify.annotations.NullMarked;
