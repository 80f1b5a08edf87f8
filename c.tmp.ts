import { checkPolicy } from "./src/analysis.js";
import { engage, buffer } from "./src/index.js";
for (let k=0;k<30;k++) { checkPolicy(engage); checkPolicy(buffer); }
const t=[]; for (let k=0;k<60;k++){ const s=performance.now(); checkPolicy(engage); checkPolicy(buffer); t.push(performance.now()-s);} t.sort((a,b)=>a-b); console.log(t[0].toFixed(2), t[30].toFixed(2));
