/** What a federation's server keeps on disk of the rounds that no checkpoint holds yet. */
@NullMarked
package io.espalier.actors.federation.server.store;

import org.jspecify.annotations.NullMarked;
