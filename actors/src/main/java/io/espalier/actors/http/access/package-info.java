/** Who may call a server: bearer tokens and what they allow. */
@NullMarked
package io.espalier.actors.http.access;

import org.jspecify.annotations.NullMarked;
