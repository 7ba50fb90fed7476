/** Who may call the API: bearer tokens and what they allow. */
@NullMarked
package io.espalier.actors.service.http.access;

import org.jspecify.annotations.NullMarked;
