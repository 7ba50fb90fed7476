/**
 * Trust of the federation, the device's side: its key, and how it gets and renews a certificate.
 */
@NullMarked
package io.espalier.actors.federation.trust.device;

import org.jspecify.annotations.NullMarked;
