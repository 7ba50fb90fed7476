/**
 * Trust of the federation, the server's side: an authority of its own, one-time tokens that admit
 * devices, TLS 1.3, and the identity behind each call.
 */
@NullMarked
package io.espalier.actors.federation.trust;

import org.jspecify.annotations.NullMarked;
