/** The server of a federation: one actor that runs its rounds, and what it keeps on disk. */
@NullMarked
package io.espalier.actors.federation.server;

import org.jspecify.annotations.NullMarked;
