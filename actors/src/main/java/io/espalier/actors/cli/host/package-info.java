/** What all commands share with their host: home, refusals, tables and JSON on the console. */
@NullMarked
package io.espalier.actors.cli.host;

import org.jspecify.annotations.NullMarked;
