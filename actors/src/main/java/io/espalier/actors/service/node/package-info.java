/** One node of the service: its files, its journal, its actors, and what can be asked of it. */
@NullMarked
package io.espalier.actors.service.node;

import org.jspecify.annotations.NullMarked;
