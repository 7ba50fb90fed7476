/** What a client of a federation keeps on its disk, so that it survives the end of its process. */
@NullMarked
package io.espalier.actors.federation.client.state;

import org.jspecify.annotations.NullMarked;
