/** The dashboard as a browser shows it. */
@NullMarked
package io.espalier.actors.dashboard.browser;

import org.jspecify.annotations.NullMarked;
