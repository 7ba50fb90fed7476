/** One attempt at a federation: its directory, its learning and its events. */
@NullMarked
package io.espalier.actors.federation.session;

import org.jspecify.annotations.NullMarked;
