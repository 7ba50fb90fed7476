/** Several nodes as one service: settings, certificates of nodes, and what they must share. */
@NullMarked
package io.espalier.actors.service.cluster;

import org.jspecify.annotations.NullMarked;
