/** The service's parts put together in one process. */
@NullMarked
package io.espalier.actors.cli.serve.node;

import org.jspecify.annotations.NullMarked;
