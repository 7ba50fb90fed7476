/** {@code espalier federate} and {@code enrol}: an authority, its devices, and how they join. */
@NullMarked
package io.espalier.actors.cli.federation;

import org.jspecify.annotations.NullMarked;
