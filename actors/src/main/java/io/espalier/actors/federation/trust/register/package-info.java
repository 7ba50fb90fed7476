/** Who belongs to the federation: clients, their certificates, and who does not any more. */
@NullMarked
package io.espalier.actors.federation.trust.register;

import org.jspecify.annotations.NullMarked;
