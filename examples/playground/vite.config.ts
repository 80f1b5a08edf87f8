import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  // The built page works from any folder, also one that is opened without a server of its own name.
  base: "./",
  plugins: [react()],
  build: { chunkSizeWarningLimit: 1000 },
});
