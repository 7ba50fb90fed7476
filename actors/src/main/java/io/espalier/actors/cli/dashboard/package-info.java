/** The command that shows the live page by itself. */
@NullMarked
package io.espalier.actors.cli.dashboard;

import org.jspecify.annotations.NullMarked;
