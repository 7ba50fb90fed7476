/** Groups of channels that can only be cut together, as the command line shows them. */
@NullMarked
package io.espalier.actors.cli.inspect.groups;

import org.jspecify.annotations.NullMarked;
