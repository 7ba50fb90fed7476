/** What consumers of the topics rely on, as files to give them and as a check of their broker. */
@NullMarked
package io.espalier.telemetry.contract;

import org.jspecify.annotations.NullMarked;
