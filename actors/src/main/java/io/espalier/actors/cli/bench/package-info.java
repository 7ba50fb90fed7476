/** Benchmarks: runs that are compared, kept as they finish, and summed up in a table. */
@NullMarked
package io.espalier.actors.cli.bench;

import org.jspecify.annotations.NullMarked;
