/** What documents are made of. */
@NullMarked
package io.espalier.telemetry.view.document;

import org.jspecify.annotations.NullMarked;
