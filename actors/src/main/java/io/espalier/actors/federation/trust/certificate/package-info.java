/** Keys, certificates and the files that hold them: what trust is made of. */
@NullMarked
package io.espalier.actors.federation.trust.certificate;

import org.jspecify.annotations.NullMarked;
