/** The service as a process of this machine, and the tokens that let callers in. */
@NullMarked
package io.espalier.actors.cli.serve;

import org.jspecify.annotations.NullMarked;
