/** How long it takes until events are on the screen, and how long the page takes to draw. */
package io.espalier.bench.dashboard;
