/** How long it takes until events are on the screen, and how long the page takes to draw. */
@NullMarked
package io.espalier.actors.cli.bench.dashboard;

import org.jspecify.annotations.NullMarked;
